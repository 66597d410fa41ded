a=1
b   =    2
c={d=1,e=2}
f=[1,2,3]
g=a==b?c:d
h=!a
i =    f( 1,2 )
j=a.b[ 0 ] . c
